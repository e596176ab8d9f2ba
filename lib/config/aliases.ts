import {
  type Document,
  isAlias,
  isCollection,
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  visit,
  type YAMLMap,
} from 'yaml';
import type { Path } from './fault';

/** The most values of a file, each use of an anchor counted with all that it holds: enough for ten thousand keys, and no bomb. */
const MOST_VALUES = 200_000;

/** An alias or a merge key that cannot be followed. */
export interface AliasFault {
  readonly path: Path;
  /** Where it stands, in characters from the start of the file. */
  readonly offset: number;
  readonly given: string;
  readonly expected: string;
}

/** What every alias of a file stands for. `yaml` finds this anew, in the whole file, for each use. */
export class Aliases {
  readonly faults: readonly AliasFault[];
  private readonly targets = new Map<unknown, Node>();

  constructor(document: Document) {
    const faults = [...this.resolve(document), ...this.merges(document)];
    this.faults = faults.length > 0 ? faults : this.bombs(document);
  }

  /** The node that an alias stands for, or the node itself. */
  follow(node: unknown): unknown {
    return isAlias(node) ? this.targets.get(node) : node;
  }

  /** The entry of a mapping: its own, or the first that it merges. */
  entryOf(map: YAMLMap, name: string): Pair | undefined {
    const own = map.items.find((pair) => !isMerge(pair) && nameOf(pair) === name);
    if (own) return own;
    for (const source of map.items.filter(isMerge).flatMap((pair) => this.sourcesOf(pair))) {
      const merged = isMap(source) ? this.entryOf(source, name) : undefined;
      if (merged) return merged;
    }
    return undefined;
  }

  /** Aliases without an anchor above them, and those within their own anchor. */
  private resolve(document: Document): readonly AliasFault[] {
    const anchors = anchorsOf(document);
    const above = new Map<string, Node>();
    const faults: AliasFault[] = [];
    visit(document, (_, node, ancestors) => {
      if (isAlias(node)) {
        const target = above.get(node.source);
        const expected = expectedOf(node.source, anchors, target, ancestors);
        if (expected) faults.push(faultAt(node, ancestors, `*${node.source}`, expected));
        else if (target) this.targets.set(node, target);
      } else if (isNode(node) && node.anchor) above.set(node.anchor, node);
    });
    return faults;
  }

  /** Merge keys whose value has no fields. */
  private merges(document: Document): readonly AliasFault[] {
    const faults: AliasFault[] = [];
    visit(document, {
      Pair: (_, pair, ancestors) => {
        const sources = isMerge(pair) ? this.sourcesOf(pair) : [];
        // An alias that leads nowhere is a fault already.
        if (sources.every((source) => source === undefined || isMap(source))) return;
        const given = `<<: ${String(pair.value)}`;
        const expected = 'fields to merge: the alias of a mapping, or a list of such aliases';
        faults.push(faultAt(pair.key as Node, [...ancestors, pair], given, expected));
      },
    });
    return faults;
  }

  /** The largest alias of a file that is too large with all its aliases. */
  private bombs(document: Document): readonly AliasFault[] {
    const sizes = new Map<unknown, number>();
    const size = (node: unknown): number => {
      const known = sizes.get(node);
      if (known !== undefined) return known;
      const parts = isCollection(node) ? node.items : isPair(node) ? [node.value] : [];
      const found = isAlias(node)
        ? size(this.follow(node))
        : parts.reduce((sum: number, part) => sum + size(part), 1);
      sizes.set(node, found);
      return found;
    };
    if (size(document.contents) <= MOST_VALUES) return [];
    const faults: AliasFault[] = [];
    let largest = 0;
    visit(document, {
      Alias(_, alias, ancestors) {
        if (size(alias) <= largest) return;
        largest = size(alias);
        const expected = `fewer values: with all its aliases the file has more than ${MOST_VALUES}`;
        faults.push(faultAt(alias, ancestors, `*${alias.source}`, expected));
      },
    });
    return faults.slice(-1);
  }

  /** What a merge key names. */
  private sourcesOf({ value }: Pair): readonly unknown[] {
    const source = this.follow(value);
    return isSeq(source) ? source.items.map((item) => this.follow(item)) : [source];
  }
}

function anchorsOf(document: Document): ReadonlySet<string> {
  const names = new Set<string>();
  visit(document, (_, node) => {
    if (isNode(node) && !isAlias(node) && node.anchor) names.add(node.anchor);
  });
  return names;
}

/** What an alias should be instead; undefined if it can be followed. */
function expectedOf(
  source: string,
  anchors: ReadonlySet<string>,
  target: Node | undefined,
  ancestors: readonly unknown[],
): string | undefined {
  if (target)
    return ancestors.includes(target)
      ? `a value that does not contain itself: it stands within &${source}`
      : undefined;
  return anchors.has(source)
    ? `its anchor &${source} above it, not below`
    : `an anchor &${source} above it, and there is none`;
}

function faultAt(node: Node, ancestors: readonly unknown[], given: string, expected: string): AliasFault {
  return { path: pathOf([...ancestors, node]), offset: node.range?.[0] ?? 0, given, expected };
}

/** The path of the last of these nodes, each of which contains the next. */
const pathOf = (nodes: readonly unknown[]): Path =>
  nodes.flatMap((node, index): Path => {
    if (isPair(node)) return [nameOf(node)];
    return isSeq(node) ? [node.items.indexOf(nodes[index + 1])] : [];
  });

const nameOf = ({ key }: Pair) => (isScalar(key) ? (key.source ?? String(key.value)) : String(key));

/** Whether a pair merges fields of other mappings into its own. */
const isMerge = ({ key }: Pair) => isScalar(key) && key.type === 'PLAIN' && key.source === '<<';
