import type { Settings } from './settings';

/** What to do in the fleet file after a secret was tagged, and the lines that belong there. */
export function fleetLines(
  { key, policy, base, file }: Settings,
  arn: string,
): { readonly todo: string; readonly lines: readonly string[] } {
  if (file?.namesSecret)
    return {
      todo: `${file.name} has it already. Deploy if its schedule or maximum age changed.`,
      lines: [],
    };
  if (file) return { todo: `Add to this key in ${file.name}, then deploy:`, lines: [`existing: ${arn}`] };
  // The values need no quotes in YAML: they were validated as names, an address, an ARN and numbers.
  const special = (['maxAgeDays', 'graceHours'] as const)
    .filter((field) => policy[field] !== base[field])
    .map((field) => `${field}: ${policy[field]}`);
  return {
    todo: 'Add to keys.yaml, then deploy. The first check after that tests its value:',
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
