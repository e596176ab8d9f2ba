/** When the credit of the organization runs out, and for how long. */
export const OUTAGE = { day: 55, hour: 8, hours: 30 } as const;
