/** Sections of docs/runbook.md that notices point to. */
export const RUNBOOK = {
  dead: 'Dead key',
  blocked: 'Blocked key',
  zombie: 'Old key still works',
  leak: 'Leaked key',
  edit: 'Edited by hand',
  unwatched: 'Unwatched key',
  network: 'No conclusive answer',
} as const;

/** Where the runbook says more. */
export const runbook = (section: keyof typeof RUNBOOK) =>
  `More: docs/runbook.md, section "${RUNBOOK[section]}".`;
