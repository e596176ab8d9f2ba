/** A port all of whose methods answer later. */
type Port<Methods> = { readonly [Name in keyof Methods]: (...args: never[]) => Promise<unknown> };

/**
 * A port that is opened when one of its methods is first called. The clients of AWS and Anthropic that few commands use take two thirds of the time in
 * which `status` of 20 keys loads all of them.
 */
export function onFirstCall<Methods extends Port<Methods>>(open: () => Promise<Methods>): Methods {
  let opened: Promise<Methods> | undefined;
  return new Proxy({} as Methods, {
    get:
      (_, name) =>
      async (...args: never[]) => {
        opened ??= open();
        return (await opened)[name as keyof Methods](...args);
      },
  });
}
