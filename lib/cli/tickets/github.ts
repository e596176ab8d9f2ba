import { isSafeUrl } from '../../contract/env';
import type { GithubRepository } from '../../workflows/operator-ports';
import { UsageError } from '../exit-code';

type Variables = Readonly<Record<string, string | undefined>>;

/** What GitHub's own workflows set, and the option in place of the repository. @throws UsageError that never repeats the token */
export function readGithub(option: string | undefined, vars: Variables): GithubRepository {
  const repository = option ?? vars.GITHUB_REPOSITORY;
  if (!repository)
    throw new UsageError(
      'Name the repository whose issues are kept: --github owner/name, or GITHUB_REPOSITORY.',
    );
  const [owner = '', name = '', ...more] = repository.split('/');
  if (more.length > 0 || ![owner, name].every((part) => /^[\w.-]+$/.test(part) && !/^\.+$/.test(part)))
    throw new UsageError(
      `${option === undefined ? 'GITHUB_REPOSITORY' : '--github'} takes a repository such as acme/keys, not ${JSON.stringify(repository)}.`,
    );
  const apiUrl = (vars.GITHUB_API_URL || 'https://api.github.com').replace(/\/+$/, '');
  if (!isSafeUrl(apiUrl) || /[?#@]/.test(apiUrl))
    throw new UsageError(
      `GITHUB_API_URL takes an https URL such as https://github.example.com/api/v3, because a token is sent there; not ${JSON.stringify(apiUrl)}.`,
    );
  const token = (vars.GITHUB_TOKEN || vars.GH_TOKEN || '').trim();
  if (token === '')
    throw new UsageError(
      'There is no token for GitHub: set GITHUB_TOKEN or GH_TOKEN. A workflow has one as github.token, if its job may write issues.',
    );
  if (!/^[!-~]+$/.test(token))
    throw new UsageError('GITHUB_TOKEN or GH_TOKEN holds something that no token has, such as a line break.');
  return { apiUrl, repository, token };
}
