import fc from 'fast-check';
import { html, type Markup } from '../../../lib/cli/html/markup';
import { keyText } from '../../keys';

it('leaves what is put in as text', () => {
  const hostile = `</td><script>alert('1')</script>&"`;
  expect(html`<td title="${hostile}">${hostile}</td>`.text).toBe(
    '<td title="&lt;/td&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&amp;&quot;">&lt;/td&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&amp;&quot;</td>',
  );
});

it('never lets a text open an element or leave its attribute', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...`<>"'&/=! ax-`) }), (text) => {
      const { text: made } = html`<p title="${text}">${text}</p>`;
      expect(made.match(/</g)).toHaveLength(2);
      expect(made.match(/"/g)).toHaveLength(2);
    }),
  );
});

it('takes its own markup as it is, and nothing that only looks like it', () => {
  const forged = { text: '<b>' } as unknown as Markup;
  expect(html`${html`<b>bold</b>`}`.text).toBe('<b>bold</b>');
  expect(() => html`${forged}`).toThrow();
});

it('joins lists, and leaves out what is absent', () => {
  expect(html`<p>${[1, html`<br>`, ['<']]}${undefined}${false}${0}</p>`.text).toBe('<p>1<br>&lt;0</p>');
});

it('prints no key', () => {
  expect(html`<p>${`see ${keyText('leak')}`}</p>`.text).toBe('<p>see sk-ant-[redacted]</p>');
});
