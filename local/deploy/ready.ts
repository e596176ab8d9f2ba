import { findMoto, MOTO_MISSING, type MotoCommand, onPath } from './find-moto';
import { shellsHere } from './terminal';

/** What a local deployment needs besides Node.js: all there, or what to install, a line each. */
export function readiness(): { readonly moto: MotoCommand } | { readonly lacking: readonly string[] } {
  const moto = findMoto();
  const lacking = [
    ...(moto ? [] : [MOTO_MISSING]),
    ...(onPath('aws') ? [] : ['The AWS command line is not here: https://aws.amazon.com/cli/']),
    ...(shellsHere().length > 0
      ? []
      : ['bash and `script` (of util-linux) are not here: mails are followed in a terminal.']),
  ];
  return moto && lacking.length === 0 ? { moto } : { lacking };
}
