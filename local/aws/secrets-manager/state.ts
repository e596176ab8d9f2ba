/** What a version holds: text as given, or bytes in base64 as they travel. */
export type Content = { readonly text: string } | { readonly base64: string };

export interface Version {
  readonly id: string;
  readonly createdAt: Date;
  /** Absent on the empty version that RotateSecret makes. */
  readonly content?: Content;
  readonly labels: readonly string[];
  /** Since when no label is on it; such a version is deprecated and collected in time. */
  readonly deprecatedAt?: Date;
}

export interface Rotation {
  readonly functionArn: string;
  readonly enabled: boolean;
  readonly days?: number;
  readonly scheduleExpression?: string;
  readonly duration?: string;
  /** When rotation is due; stays in the past for as long as it does not succeed. */
  readonly nextAt?: Date;
  readonly windowOpenedAt?: Date;
}

/** One secret at one moment. Operations replace it and never change it, so a copy of the world is a copy of a map. */
export interface Secret {
  readonly arn: string;
  readonly name: string;
  readonly description?: string;
  readonly kmsKeyId?: string;
  readonly createdAt: Date;
  readonly changedAt: Date;
  readonly rotatedAt?: Date;
  readonly tags: Readonly<Record<string, string>>;
  readonly versions: readonly Version[];
  readonly rotation?: Rotation;
  readonly deleted?: { readonly at: Date; readonly purgeAt: Date };
}

export const versionOf = (secret: Secret, id: string) => secret.versions.find((version) => version.id === id);

export const holderOf = (secret: Secret, label: string) =>
  secret.versions.find((version) => version.labels.includes(label));
