import { z } from 'zod';
import { messages } from './catalogue';
import { Envelope, type MessageDefinition } from './message';

/** The JSON Schema of what a message carries. Closed: it is what a producer may send. */
export function jsonSchemaOf({ type, data }: MessageDefinition): object {
  const schema = z.toJSONSchema(data, {
    // Dates and instants are transformed when they are read; on the wire they are text.
    io: 'input',
    override: ({ jsonSchema }) => {
      if (jsonSchema.type === 'object') jsonSchema.additionalProperties = false;
    },
  });
  return { ...schema, title: type };
}

/** `docs/messages.md`: what the services say to each other. */
export function messagesMarkdown(): string {
  return [
    '# Messages',
    '',
    'What the services say to each other. Generated from `packages/contracts` by `npm run generate`; do not edit.',
    '',
    'Every message is a CloudEvents 1.0 object with these attributes, and its own fields in `data`:',
    '',
    ...fieldTable(z.toJSONSchema(Envelope, { io: 'input' })),
    '',
    '| message | sent by | when | heard by |',
    '|---|---|---|---|',
    ...messages.map(({ type, owner, when, listeners }) => {
      const link = `[\`${type}\`](#${anchorOf(type)})`;
      return `| ${link} | ${owner} | ${when} | ${listeners.join(', ') || 'nobody'} |`;
    }),
    ...messages.flatMap(sectionOf),
    '',
  ].join('\n');
}

function sectionOf(definition: MessageDefinition): string[] {
  const { type, owner, when, listeners } = definition;
  const heard = listeners.length > 0 ? `to ${listeners.join(' and ')}` : 'to nobody in particular';
  const schema = jsonSchemaOf(definition);
  const details = ['```json', JSON.stringify(schema, null, 2), '```'];
  return [
    ...['', `## ${type}`, '', `From ${owner} ${heard}: ${when}.`, ''],
    ...fieldTable(schema),
    ...['', '<details><summary>JSON Schema</summary>', '', ...details, '', '</details>'],
  ];
}

const Field = z.object({
  type: z.union([z.string(), z.array(z.string())]).optional(),
  format: z.string().optional(),
  enum: z.array(z.string()).optional(),
  const: z.unknown().optional(),
  anyOf: z.array(z.record(z.string(), z.unknown())).optional(),
  items: z.record(z.string(), z.unknown()).optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
});

function fieldTable(schema: object): string[] {
  const properties = Object.entries(Field.parse(schema).properties ?? {});
  const rows = properties.map(([name, field]) => `| \`${name}\` | ${kindOf(field)} |`);
  return ['| field | |', '|---|---|', ...rows];
}

/** In words: `date`, `success or failure`, `list of {subscriptionId, cycle}`, `integer or null`. */
function kindOf(raw: unknown): string {
  const field = Field.parse(raw);
  if (field.anyOf) return field.anyOf.map(kindOf).join(' or ');
  if (field.enum) return field.enum.map((value) => `\`${value}\``).join(', ');
  if (field.const !== undefined) return `\`${String(field.const)}\``;
  if (field.items) return `list of ${kindOf(field.items)}`;
  if (field.properties) return `{${Object.keys(field.properties).join(', ')}}`;
  return field.format ?? [field.type ?? 'anything'].flat().join(' or ');
}

/** As GitHub makes it of a heading. */
function anchorOf(heading: string): string {
  return heading.replaceAll('.', '');
}
