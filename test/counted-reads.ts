/** Counts reads of fields: work that is a product of two numbers reads each field so often. */
export function countReads() {
  let reads = 0;
  return {
    counted: <T extends object>(each: T): T =>
      new Proxy(each, {
        get(target, name) {
          reads += 1;
          return Reflect.get(target, name);
        },
      }),
    reads: () => reads,
  };
}
