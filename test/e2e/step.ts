/** One thing that is done and then looked at. */
export interface Step<World> {
  readonly does: string;
  /** Returns what was seen, in a few words. @throws where something is not as it should be */
  run(world: World): Promise<string>;
}

/** Does the steps in order, and prints each with its time and what was seen. @throws what the first failing step throws */
export async function tell<World>(steps: readonly Step<World>[], world: World): Promise<void> {
  const begun = Date.now();
  for (const { does, run } of steps) {
    console.log(does);
    const since = Date.now();
    const seen = await run(world);
    console.log(`${seconds(since).padStart(10)}  ${seen}\n`);
  }
  console.log(`All ${steps.length} steps in ${seconds(begun)}.`);
}

const seconds = (since: number) => `${((Date.now() - since) / 1000).toFixed(1)} s`;
