import { utcDay } from '../../time';
import { runbook } from '../../wording/commands';
import type { Write } from '../../wording/sheet';
import { checkNow } from '../../wording/steps';
import { hintText, moment, plain } from '../../wording/text';

export const inconclusive: Write<'inconclusive'> = ({ current, since, reason, advice }, context) => ({
  headline: `No clear answer since ${utcDay(since)}: check the path`,
  truth: [
    `Since ${moment(since, context.now)} no check could tell whether the API key ${hintText(current.hint)} works. The service may be fine, or may fail in the same way.`,
  ],
  keys: [['Key', current]],
  steps: [
    [`${plain(advice, 300).replace(/\.$/, '')} (${plain(reason, 80)}).`],
    ['See whether the service itself gets answers from Anthropic.'],
    ['Then check again:', ...checkNow(context), runbook('network')],
  ],
  otherwise: [
    'A dead key would go unnoticed, and no new key can be promoted. Nothing is switched off or moved on a doubt.',
  ],
  evidence: ['Every check since then ended without a verdict, the last one in the way that step 1 says.'],
});
