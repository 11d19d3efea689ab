import type { RunRecord } from '../record';
import type { Happening } from '../scheduler';

type Told = Omit<Happening, 'step'>;

/** What people, providers and the CRM know of a run, told one by one. */
export function happeningsOf({ deeds, calls, mails }: RunRecord): readonly Happening[] {
  const told: Told[] = [
    ...deeds.map((deed) => {
      const { kind, person, ...facts } = deed;
      const at = 'at' in deed ? deed.at : deed.to;
      return { at, who: `person ${person}`, what: kind, about: JSON.stringify(facts) };
    }),
    ...calls.map(({ at, provider, kind, reference, body, arrived, answer, heard }) => {
      const came = arrived ? (answer ?? 'no answer') : 'did not arrive';
      const about = `${reference} ${body} -> ${heard ? '' : '(not heard) '}${came}`;
      return { at, who: provider, what: `was asked: ${kind}`, about };
    }),
    ...mails.map(({ at, key, template, to }) => {
      return { at, who: 'CRM', what: `took ${template}`, about: `${key} to ${to}` };
    }),
  ];
  return told.map((one) => ({ ...one, step: 0 }));
}
