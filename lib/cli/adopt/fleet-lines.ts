import type { Settings } from './settings';

/** What is left to do in the fleet file, and the lines that belong there. */
export interface Remainder {
  readonly todo: string;
  readonly lines: readonly string[];
}

/** What a person does in the fleet file after a secret was tagged. */
export function fleetLines({ key, policy, base, file }: Settings, arn: string): Remainder {
  if (file?.namesSecret)
    return {
      todo: `${file.name} has it already. Deploy if its schedule or its highest age changed.`,
      lines: [],
    };
  if (file) return { todo: `Add to this key in ${file.name}, then deploy:`, lines: [`existing: ${arn}`] };
  // Written by hand, because every value was judged before: names, an address, an ARN and numbers need no quotes in YAML.
  const special = (['maxAgeDays', 'graceHours'] as const)
    .filter((field) => policy[field] !== base[field])
    .map((field) => `${field}: ${policy[field]}`);
  return {
    todo: 'Add to keys.yaml, then deploy. The first check after that judges its value:',
    lines: [
      'environments:',
      `  ${key.environment}:`,
      '    keys:',
      `      ${key.service}:`,
      `        owner: ${key.owner}`,
      `        existing: ${arn}`,
      ...(special.length > 0 ? [`        policy: { ${special.join(', ')} }`] : []),
    ],
  };
}
