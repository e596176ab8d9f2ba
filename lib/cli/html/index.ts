export { toJson } from './json';
export { renderHtml } from './page';
