/** The first 8 characters of a fingerprint or a version id: enough to tell a secret's own apart, and short enough for tags and for people. */
export const beginningOf = (id: string) => id.slice(0, 8);
