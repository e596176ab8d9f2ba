/** A move of staging labels in the rotation's own terms. The contract translates them for Secrets Manager. */
export type LabelMove =
  /** Superseded: keep this version until its grace period ends. */
  | { readonly do: 'pin'; readonly versionId: string; readonly until: Date }
  /** Removes a deadline, the mark of a leak, or that of a followed key. */
  | { readonly do: 'unpin'; readonly versionId: string; readonly label: string }
  /** Reported as leaked. `from` names the version on which the label sits by mistake. */
  | {
      readonly do: 'mark-leaked';
      readonly versionId: string;
      readonly fingerprint: string;
      readonly at: Date;
      readonly from?: string;
    }
  /** Refused: look after this key until then. */
  | { readonly do: 'follow'; readonly versionId: string; readonly until: Date }
  | { readonly do: 'accept'; readonly versionId: string; readonly from?: string }
  | { readonly do: 'clear-submitted'; readonly versionId: string }
  | { readonly do: 'clear-pending'; readonly versionId: string }
  | { readonly do: 'make-current'; readonly versionId: string; readonly from: string };
