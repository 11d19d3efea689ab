import { type Contact, fullName } from './contact';
import { type Letter, letterOf } from './letter';
import type { Statement } from './statement';

export interface Rendered {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

export function render(statement: Statement, contact: Contact): Rendered {
  const letter = letterOf(statement);
  const greeting = `Dear ${oneLine(fullName(contact))},`;
  return {
    subject: oneLine(letter.subject),
    text: textOf(greeting, letter),
    html: htmlOf(greeting, letter),
  };
}

function textOf(greeting: string, { paragraphs, lines }: Letter): string {
  const list = lines.map((line) => `- ${oneLine(line)}`).join('\n');
  const parts = [greeting, ...paragraphs.map(oneLine), ...(list === '' ? [] : [list])];
  return `${parts.join('\n\n')}\n`;
}

function htmlOf(greeting: string, { subject, paragraphs, lines }: Letter): string {
  const body = [greeting, ...paragraphs].map((text) => `<p>${escaped(text)}</p>`);
  const list = lines.map((line) => `<li>${escaped(line)}</li>`).join('\n');
  return [
    '<!doctype html>',
    `<html lang="en"><head><meta charset="utf-8"><title>${escaped(subject)}</title></head><body>`,
    ...body,
    ...(list === '' ? [] : [`<ul>\n${list}\n</ul>`]),
    '</body></html>\n',
  ].join('\n');
}

/** Names are other people's texts: a line break in a subject would be a header of its own. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim();
}

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escaped(text: string): string {
  return oneLine(text).replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}
