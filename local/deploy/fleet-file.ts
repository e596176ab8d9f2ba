import { readFileSync, writeFileSync } from 'node:fs';
import { parseDocument } from 'yaml';

/** A fleet file that changes as a team changes theirs: fields are set, and it is deployed again. */
export class FleetFile {
  private readonly document;

  /** Begins as a copy of `from`. */
  constructor(
    from: string,
    readonly path: string,
  ) {
    this.document = parseDocument(readFileSync(from, 'utf8'));
    this.write();
  }

  set(path: string, value: unknown): this {
    this.document.setIn(path.split('.'), value);
    return this;
  }

  write(): void {
    writeFileSync(this.path, this.document.toString());
  }
}
