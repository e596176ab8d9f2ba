/** AWS's own variable: with `true` its SDK says nothing of an old Node.js, and neither does this program. */
export const NO_SUPPORT_WARNING = 'AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED';

/** The oldest Node.js on which the AWS SDK will run from its versions of January 2027 on. */
const NEXT_OLDEST = 22;

/** What people on an older Node.js have to know, in place of the seven lines of the AWS SDK. Undefined on a newer one, or if nobody wants to know. */
export function nodeWarning(
  { node }: Pick<NodeJS.ProcessVersions, 'node'>,
  vars: Readonly<Record<string, string | undefined>>,
): string | undefined {
  if (vars[NO_SUPPORT_WARNING] === 'true' || Number.parseInt(node, 10) >= NEXT_OLDEST) return undefined;
  return `This is Node.js ${node}. From January 2027 on, new releases of this program need Node.js ${NEXT_OLDEST}, because the AWS SDK will: install Node.js 22 or 24.`;
}
