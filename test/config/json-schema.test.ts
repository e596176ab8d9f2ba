import { fleetJsonSchema } from '../../lib/config/schema';

interface Node {
  readonly description?: string;
  readonly properties?: Record<string, Node>;
  readonly additionalProperties?: Node | boolean;
  readonly items?: Node;
}

/** Every named field of the file with its path. */
function fields(node: Node, path: string): [string, Node][] {
  const named = Object.entries(node.properties ?? {}).flatMap(([name, child]): [string, Node][] => [
    [`${path}.${name}`, child],
    ...fields(child, `${path}.${name}`),
  ]);
  const others =
    typeof node.additionalProperties === 'object' ? fields(node.additionalProperties, `${path}.*`) : [];
  return [...named, ...others, ...(node.items ? fields(node.items, `${path}[]`) : [])];
}

test('an editor can explain every field of the fleet file', () => {
  const all = fields(JSON.parse(fleetJsonSchema()) as Node, '');
  expect(all.length).toBeGreaterThan(40);
  expect(all.filter(([, { description }]) => !description).map(([path]) => path)).toEqual([]);
});
