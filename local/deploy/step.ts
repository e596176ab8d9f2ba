/** One thing that is done and then looked at. */
export interface Step<World> {
  readonly does: string;
  /** Returns what was seen, in a few words. @throws where something is not as it should be */
  run(world: World): Promise<string>;
}
