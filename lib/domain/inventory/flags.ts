/** What is said of a key of the organization. */
export type InventoryFlag = (typeof TABLE)[number]['flag'];

interface FlagRow {
  readonly flag: string;
  /** In a table. */
  readonly word: string;
  /** What it means, in a sentence. */
  readonly means: string;
  /** What to do about it; absent where nothing is to be done. */
  readonly advice?: string;
  /** A person has to decide something about the key. */
  readonly needsPerson?: true;
}

/** All that can be said of a key, the worst first. Nothing else says what a flag means, or in which order they come. */
const TABLE = [
  {
    flag: 'creator-gone',
    word: 'creator gone',
    means: 'active, and whoever created it, or whom it belongs to, is no member of the organization any more',
    advice: 'find out who uses it, and replace it by a key of a service account',
    needsPerson: true,
  },
  {
    flag: 'no-owner',
    word: 'no owner',
    means: 'active, in no managed secret, and created by nobody who is known to be there',
    advice: 'find out who uses it: adopt its secret, or disable it',
    needsPerson: true,
  },
  {
    flag: 'archived-workspace',
    word: 'archived workspace',
    means: 'active, in a workspace that is archived',
    advice: 'disable it, or make a key in another workspace',
  },
  {
    flag: 'expiring',
    word: 'expires soon',
    means: 'active, and expires within 30 days',
    advice: 'replace it before that day: its expiry cannot be changed',
  },
  {
    flag: 'adoptable',
    word: 'can be adopted',
    means: 'active, and remembered by a secret that is tagged as a key and that no deployment manages',
    advice: 'adopt that secret',
  },
  {
    flag: 'never-used',
    word: 'never used',
    means: 'active for a week or longer, and without any use since it was created',
    advice: 'disable it, if nobody knows what it is for',
  },
  {
    flag: 'idle',
    word: 'idle',
    means: 'active, and not used for as many days as were asked for',
    advice: 'disable it, if nobody knows what it is for',
  },
  {
    flag: 'unmanaged',
    word: 'unmanaged',
    means: 'active, and in none of the managed secrets that were listed, as far as they show',
    advice: 'adopt its secret, find out whose it is, or disable it',
  },
  {
    flag: 'perhaps-unmanaged',
    word: 'perhaps unmanaged',
    means: 'active, and in none of the managed secrets that were listed, while others could not be read',
    advice: 'list again once they can be read: one of them may hold it',
  },
  {
    flag: 'legacy',
    word: 'legacy',
    means: 'active, of a workspace and bound to nobody, which Anthropic calls a legacy key',
    advice: 'make its successor for a service account',
  },
  { flag: 'retiring', word: 'retiring', means: 'superseded, and not yet proven dead, in a managed secret' },
  { flag: 'managed', word: 'managed', means: 'live in a managed secret' },
] as const satisfies readonly FlagRow[];

export const INVENTORY_FLAGS: readonly (FlagRow & { readonly flag: InventoryFlag })[] = TABLE;

const ORDER = new Map(TABLE.map(({ flag }, index) => [flag, index]));

export const orderOf = (flag: InventoryFlag | undefined): number =>
  flag === undefined ? TABLE.length : ORDER.get(flag)!;

export const flagRow = (flag: InventoryFlag) => INVENTORY_FLAGS[orderOf(flag)]!;

export const needsPerson = ({ flags }: { readonly flags: readonly InventoryFlag[] }) =>
  flags.some((flag) => flagRow(flag).needsPerson);
