import { mkdir, readFile, realpath, rm, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';

/** The text of a file; undefined if there is none. @throws Error saying why it cannot be read */
export async function textOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw inWords(`${path} cannot be read`, error);
  }
}

/**
 * Writes all of the files, or none: what it has made is taken away again if one cannot be written. A file that is there already is never overwritten,
 * even if it came meanwhile, and nothing is written through a link that leads out of the folder. @throws Error saying what kept which file from being
 * written
 */
export async function layFiles(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  const undo: (() => Promise<void>)[] = [];
  let failed = folder;
  try {
    for (const [path, text] of Object.entries(files)) {
      const file = join(folder, path);
      failed = file;
      const made = await mkdir(dirname(file), { recursive: true });
      if (made !== undefined) undo.push(() => removeEmpty(dirname(file), made));
      await refuseWayOut(folder, dirname(file));
      await writeFile(file, '', { flag: 'wx' });
      undo.push(() => rm(file));
      await writeFile(file, text);
    }
  } catch (error) {
    // What says why comes first, even if something cannot be taken away again.
    for (const step of undo.reverse()) await step().catch(() => undefined);
    throw inWords(`Nothing was written: ${failed} cannot be made`, error);
  }
}

async function refuseWayOut(folder: string, at: string): Promise<void> {
  const [way] = relative(await realpath(folder), await realpath(at)).split(sep);
  if (way === '..') throw new Error(`${at} is a link that leads out of the folder`);
}

/** What stands in the way, by the code that the file system gives. */
const OBSTACLES: Readonly<Record<string, string>> = {
  EACCES: 'you may not do that there',
  EEXIST: 'something of that name is there already',
  EISDIR: 'it is a folder',
  ELOOP: 'links lead in a circle',
  ENOENT: 'a link leads nowhere',
  ENOSPC: 'the disk is full',
  ENOTDIR: 'a file stands in the place of a folder',
  EPERM: 'you may not do that there',
  EROFS: 'the file system is read-only',
};

const codeOf = (error: unknown) => (error as NodeJS.ErrnoException).code ?? '';

function inWords(what: string, error: unknown): Error {
  const { message } = error as Error;
  const obstacle = OBSTACLES[codeOf(error)];
  return new Error(`${what}: ${obstacle ? `${obstacle} (${codeOf(error)})` : message}.`, { cause: error });
}

/** Removes a folder and those above it, up to the first that was made. */
async function removeEmpty(folder: string, first: string): Promise<void> {
  for (let at = folder; ; at = dirname(at)) {
    await rmdir(at);
    if (at === first) return;
  }
}
