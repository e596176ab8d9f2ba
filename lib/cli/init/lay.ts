import { mkdir, readFile, rm, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** The text of a file; undefined if there is none. @throws what else keeps it from being read */
export async function textOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * Writes all of the files, or none: what it has made is taken away again if one cannot be written. A file that is there already is never overwritten,
 * even if it came meanwhile. @throws what the file system says
 */
export async function layFiles(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  const undo: (() => Promise<void>)[] = [];
  try {
    for (const [path, text] of Object.entries(files)) {
      const file = join(folder, path);
      const made = await mkdir(dirname(file), { recursive: true });
      if (made !== undefined) undo.push(() => removeEmpty(dirname(file), made));
      await writeFile(file, '', { flag: 'wx' });
      undo.push(() => rm(file));
      await writeFile(file, text);
    }
  } catch (error) {
    // What says why comes first, even if something cannot be taken away again.
    for (const step of undo.reverse()) await step().catch(() => undefined);
    throw error;
  }
}

/** Removes a folder and those above it, up to the first that was made. */
async function removeEmpty(folder: string, first: string): Promise<void> {
  for (let at = folder; ; at = dirname(at)) {
    await rmdir(at);
    if (at === first) return;
  }
}
