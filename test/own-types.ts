import { join } from 'node:path';
import { Project, ts } from 'ts-morph';
import { ROOT } from './root';

/** The types of our own files in these folders. Packages stay unresolved, which spares a gigabyte of theirs. */
export function ownTypes(...folders: readonly string[]): Project {
  const project = new Project({
    tsConfigFilePath: join(ROOT, 'tsconfig.json'),
    skipAddingFilesFromTsConfig: true,
    compilerOptions: { types: [] },
    resolutionHost: (host, optionsOf) => ({
      resolveModuleNames: (names, from) =>
        names.map((name) =>
          name.startsWith('.')
            ? ts.resolveModuleName(name, from, optionsOf(), host).resolvedModule
            : undefined,
        ),
    }),
  });
  project.addSourceFilesAtPaths(folders.map((folder) => join(ROOT, folder, '**/*.ts')));
  return project;
}
