/** A move of staging labels, in the words of the rotation. Secrets Manager's terms are in the contract. */
export type LabelMove =
  /** Superseded: keep this version, its grace ends at `until`. */
  | { readonly do: 'pin'; readonly versionId: string; readonly until: Date }
  | { readonly do: 'unpin'; readonly versionId: string; readonly label: string }
  | { readonly do: 'accept'; readonly versionId: string; readonly from?: string }
  | { readonly do: 'clear-submitted'; readonly versionId: string }
  | { readonly do: 'clear-pending'; readonly versionId: string }
  | { readonly do: 'make-current'; readonly versionId: string; readonly from: string };
