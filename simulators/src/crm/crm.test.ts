import { type Crm, createCrm } from './crm';

let crm: Crm;
let url: string;
beforeEach(async () => {
  crm = createCrm({ apiKey: 'crm_test' });
  url = await crm.listen(0);
});
afterEach(() => crm.stop());

const MAIL = {
  to: { email: 'ada@example.org', name: 'Ada Lovelace' },
  template: 'payment-failed',
  subject: 'Your payment did not go through',
  text: 'We shall try again tomorrow.',
  html: '<p>We shall try again tomorrow.</p>',
  tags: ['billing'],
};

async function send(
  key: string | null,
  body: object = MAIL,
  { apiKey = 'crm_test', path = '/v1/messages' } = {},
) {
  const response = await fetch(url + path, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${apiKey}`,
      'content-type': 'application/json',
      ...(key !== null && { 'idempotency-key': key }),
    },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  return {
    status: response.status,
    wait: response.headers.get('retry-after'),
    json: text.startsWith('{') ? JSON.parse(text) : null,
  };
}

const sim = (call: string, body: object = {}) => send(null, body, { path: `/_sim/${call}` });

test('a mail is taken, and shown as it was sent', async () => {
  const { status, json } = await send('k');
  expect(status).toBe(202);
  expect(json).toEqual({ id: expect.any(String) });
  const mails = [{ ...MAIL, id: json.id, key: 'k' }];
  expect(crm.sent()).toEqual(mails);
  const shown = await fetch(`${url}/_sim/messages`);
  expect(await shown.json()).toEqual({ data: mails });
});

test.each([
  ['the same', MAIL],
  ['another', { ...MAIL, subject: 'Something else' }],
])('one key is one mail, when it comes again with %s body', async (_, body) => {
  const first = await send('k');
  const again = await Promise.all([send('k', body), send('k', body)]);
  expect(again).toEqual([first, first]);
  expect(crm.sent()).toMatchObject([MAIL]);
});

test('two keys are two mails', async () => {
  const [one, two] = [await send('k'), await send('l')];
  expect(one.json.id).not.toBe(two.json.id);
  expect(crm.sent()).toHaveLength(2);
});

// biome-ignore format: a table
test.each<[string, string | null, object, string, number]>([
  ['a wrong key of ours', 'k',  MAIL,                                   'crm_other', 401],
  ['no idempotency key',  null, MAIL,                                   'crm_test',  400],
  ['nobody to send to',   'k',  { ...MAIL, to: undefined },             'crm_test',  400],
  ['no name',             'k',  { ...MAIL, to: { email: 'a@b.org' } },  'crm_test',  400],
  ['no template',         'k',  { ...MAIL, template: '' },              'crm_test',  400],
  ['no subject',          'k',  { ...MAIL, subject: undefined },        'crm_test',  400],
  ['no text',             'k',  { ...MAIL, text: '' },                  'crm_test',  400],
  ['no html',             'k',  { ...MAIL, html: undefined },           'crm_test',  400],
])('%s: nothing is sent', async (_, key, body, apiKey, status) => {
  expect((await send(key, body, { apiKey })).status).toBe(status);
  expect(crm.sent()).toEqual([]);
});

test.each([
  ['429', 429, '5'],
  ['500', 500, null],
])('with the fault %s set, nothing is sent until it is over', async (fault, status, wait) => {
  expect((await sim('faults', { seed: 1, rates: { [fault]: 1 } })).status).toBe(204);
  expect(await send('k')).toMatchObject({ status, wait });
  expect(crm.sent()).toEqual([]);
  crm.setFaults(1, {});
  expect((await send('k')).status).toBe(202);
  expect(crm.sent()).toHaveLength(1);
});

test('faults strike at random, and the same way again under the same seed', async () => {
  const statuses = async (seed: number) => {
    crm.setFaults(seed, { '429': 0.3, '500': 0.3 });
    const answers = [];
    for (let count = 0; count < 30; count += 1) answers.push((await send(`k${count}`)).status);
    return answers;
  };
  const first = await statuses(7);
  expect(new Set(first)).toEqual(new Set([202, 429, 500]));
  expect(await statuses(7)).toEqual(first);
  expect(await statuses(8)).not.toEqual(first);
});

test.each([{ rates: { '429': 2 } }, { rates: { '404': 1 } }, { seed: 'x' }])(
  'the faults %j are none',
  async (faults) => expect((await sim('faults', faults)).status).toBe(400),
);

test('reset forgets the mails, their keys and the faults', async () => {
  await send('k');
  crm.setFaults(1, { '500': 1 });
  expect((await sim('reset')).status).toBe(204);
  expect(crm.sent()).toEqual([]);
  expect((await send('k', { ...MAIL, subject: 'Anew' })).status).toBe(202);
  expect(crm.sent()).toMatchObject([{ subject: 'Anew' }]);
});
