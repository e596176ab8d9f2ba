import { everything, smallest } from './fleets';
import { templateOf } from './synthesis';

/** The template without differences between two builds of the same source. */
function normalised(yaml: string, stackName: string): unknown {
  const text = JSON.stringify(templateOf(yaml, stackName).toJSON());
  return JSON.parse(text.replace(/[0-9a-f]{64}\.zip/g, '<bundle>.zip'));
}

test('the stack of an environment is as it was', () => {
  expect(normalised(smallest, 'AnthropicKeys-prod')).toMatchSnapshot();
});

test('a further stack of keys is as it was', () => {
  expect(normalised(everything, 'AnthropicKeys-prod-second')).toMatchSnapshot();
});
