import { Envelope, jsonSchemaOf, messages, messagesMarkdown, ServiceName } from './index';

const markdown = messagesMarkdown();

test.each(messages.map((definition) => [definition.type, definition] as const))(
  '%s is documented with its listeners and every field',
  (type, definition) => {
    const section = markdown.split(`\n## ${type}\n`)[1]?.split('\n## ')[0] ?? '';
    const fields = Object.keys('shape' in definition.data ? Object(definition.data.shape) : {});
    expect(fields.length).toBeGreaterThan(0);
    for (const field of fields) expect(section).toContain(`| \`${field}\` | `);
    for (const listener of definition.listeners) expect(section).toContain(listener);
  },
);

test.each(messages.map((definition) => [definition.type, definition] as const))(
  '%s has a closed JSON Schema, and carries no personal data',
  (_, definition) => {
    const schema = JSON.stringify(jsonSchemaOf(definition));
    expect(schema).toContain('"additionalProperties":false');
    expect(schema).not.toContain('"additionalProperties":true');
    expect(schema).not.toMatch(/"(email|firstName|lastName|name|address)":/);
  },
);

test('each message is named after its owner, or after the provider it speaks for, and has a major version', () => {
  for (const { type, owner } of messages) {
    expect(type).toMatch(/^[a-z]+\.[a-z-]+\.v\d+$/);
    expect(type.split('.')[0]).toBe(owner === 'webhooks' ? 'provider' : owner);
  }
});

test('no two messages share a type, and nobody listens to itself', () => {
  expect(new Set(messages.map(({ type }) => type)).size).toBe(messages.length);
  for (const { owner, listeners } of messages) {
    expect(listeners).not.toContain(owner);
    for (const listener of listeners) expect(ServiceName.options).toContain(listener);
  }
});

test('the attributes of the envelope are documented', () => {
  for (const attribute of Object.keys(Envelope.shape)) {
    expect(markdown).toContain(`| \`${attribute}\` | `);
  }
});
