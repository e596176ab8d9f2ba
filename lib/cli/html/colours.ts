/** The page's colours by name, on a light ground: also those of paper. */
export const LIGHT = `
--ground: #f7f5f1; --sheet: #fffefb; --ink: #22201c; --soft: #5d574e; --line: #ddd7cb; --faint: #efebe3;
--good: #2c6a4a; --good-tint: #d5e8dc; --soon: #855600; --soon-tint: #f6e3b8; --bad: #a5281c; --bad-tint: #f6d8d2;
--calm: #4d5f78; --calm-tint: #d9e0ea; --link: #1d4f86;`;

/** The same on a dark ground. */
export const DARK = `
--ground: #161513; --sheet: #1e1d1a; --ink: #ece8e0; --soft: #aca599; --line: #3a372f; --faint: #282622;
--good: #84cda2; --good-tint: #21402f; --soon: #e8bb67; --soon-tint: #4a3a15; --bad: #ff9d90; --bad-tint: #54241d;
--calm: #a9bcd8; --calm-tint: #2b3647; --link: #93bff0;`;
