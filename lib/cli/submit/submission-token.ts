import { uuidFrom } from './uuid-from';

/** How often the same key may be handed in for the same secret, e.g. again after a refusal whose cause was settled. */
const ATTEMPTS = 50;

/** The version id of the nth time that a key is handed in for a secret: whoever runs the command again comes to the same. */
const tokenOf = (secretArn: string, fingerprint: string, attempt: number) =>
  uuidFrom(JSON.stringify([secretArn, fingerprint, attempt]));

const tokens = (secretArn: string, fingerprint: string) =>
  Array.from({ length: ATTEMPTS }, (_, attempt) => tokenOf(secretArn, fingerprint, attempt));

/**
 * A version id that the secret has never had. One that exists is never written again: putting the same content under it changes nothing, so
 * that a version which was refused would not get its label back.
 */
export const newSubmission = (secretArn: string, fingerprint: string, existing: readonly string[]) =>
  tokens(secretArn, fingerprint).find((token) => !existing.includes(token))!;

/** Whether a version was handed in by this command with this key. */
export const isSubmissionOf = (versionId: string, secretArn: string, fingerprint: string) =>
  tokens(secretArn, fingerprint).includes(versionId);
