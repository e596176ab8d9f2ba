const turn = () => new Promise<void>(setImmediate);

/**
 * Hands a request over inside this process. Request and answer take a turn of the event loop each, as they do over loopback: whoever works or
 * polls beside gets on as far as there, and the virtual clock shows the same.
 */
export async function underway<Answer>(exchange: () => Answer | Promise<Answer>): Promise<Answer> {
  await turn();
  const answer = await exchange();
  await turn();
  return answer;
}
