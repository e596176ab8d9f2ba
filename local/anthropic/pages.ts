import type { PageCursorResponse, PageResponse } from '@anthropic-ai/sdk/core/pagination';
import { badRequest, Refused } from './answers';

/** @throws Refused unless the number of items that was asked for is one that Anthropic gives */
export function limitOf(query: URLSearchParams, { usual, most }: { usual: number; most: number }): number {
  const limit = Number(query.get('limit') ?? usual);
  if (!Number.isInteger(limit) || limit < 1)
    throw new Refused(badRequest('limit: Input should be greater than or equal to 1'));
  if (limit > most) throw new Refused(badRequest(`limit: Input should be less than or equal to ${most}`));
  return limit;
}

/** A page after an id, as most listings have them. */
export function pageAfterId<Item extends { readonly id: string }>(
  all: readonly Item[],
  query: URLSearchParams,
  limits = { usual: 20, most: 1000 },
): PageResponse<Item> {
  const limit = limitOf(query, limits);
  const after = query.get('after_id');
  const last = all.findIndex(({ id }) => id === after);
  if (after && last < 0) throw new Refused(badRequest(`Invalid after_id: '${after}'`));
  const data = all.slice(last + 1, last + 1 + limit);
  return {
    data,
    has_more: last + 1 + data.length < all.length,
    first_id: data[0]?.id ?? null,
    last_id: data.at(-1)?.id ?? null,
  };
}

/** A page by an opaque token, as listings of federation have them. */
export function pageByToken<Item>(all: readonly Item[], query: URLSearchParams): PageCursorResponse<Item> {
  const limit = limitOf(query, { usual: 20, most: 100 });
  const token = query.get('page');
  const start = token ? Number(/^page_(\d+)$/.exec(token)?.[1]) : 0;
  if (Number.isNaN(start)) throw new Refused(badRequest('page: not a cursor of this listing'));
  const next = start + limit;
  return { data: all.slice(start, next), next_page: next < all.length ? `page_${next}` : null };
}
