import { refusalMessage } from '../pasted-text';
import { hintText, plain } from './plain-text';

/** Says what a value holds that should have held a key: by the name of its kind, never by the value. */
export const describeContent = (reason: string) => refusalMessage(reason) ?? plain(reason, 160);

/** The first sentence of it: what it is, without how to paste better. */
export const nameKind = (reason: string) => describeContent(reason).replace(/(?<=\.) .*$/, '');

/** What was replaced or refused: a key by its short form, anything else by its kind. */
export const nameContent = (text: string) => {
  if (text.startsWith('sk-ant-')) return hintText(text);
  return refusalMessage(text) === undefined ? plain(text, 80) : 'no usable key';
};
