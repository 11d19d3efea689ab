import { addMs, msOf } from '@perennial/calendar';
import type { Bench } from '../bench';
import type { Checks } from '../check';
import { expected, unless, type Violations } from '../violations';

const TICK_MS = 100;
const TICKS = 30;
/** Where no rate is declared. */
const MANY = 100;

/** As many calls as the sheet declares: a second of them at once, and then each when it may be. */
async function declaredRate(bench: Bench): Promise<Violations> {
  const rate = bench.sheet.callsPerSecond;
  // To be let in takes calls too.
  await bench.charged();
  await bench.pass(10_000);
  const start = bench.clock.now();
  let [begun, failed] = [0, 0];
  for (let tick = 0; tick <= TICKS; tick += 1) {
    await bench.clock.set(addMs(start, tick * TICK_MS));
    const most = rate === null ? MANY : rate + (rate * tick * TICK_MS) / 1000;
    const attempts = Array.from({ length: Math.floor(most + 1e-6) - begun }, () =>
      bench.attempt('ok'),
    );
    const sent = await Promise.all(attempts.map((attempt) => bench.provider.charge(attempt)));
    begun += sent.length;
    failed += sent.filter(({ outcome }) => outcome !== 'succeeded').length;
  }
  return unless(failed === 0, `at the declared rate ${failed} of ${begun} calls failed`);
}

/** The engine begins only what the pace allows. */
async function pacedAsDeclared(bench: Bench): Promise<Violations> {
  const { callsPerSecond: rate } = bench.sheet;
  const { pace } = bench.provider;
  const atOnce = pace.available();
  if (rate === null) return unless(atOnce >= MANY, `no rate is declared, and ${atOnce} may begin`);
  pace.take(atOnce);
  const readyAt = pace.readyAt();
  const waitMs = readyAt === null ? 0 : msOf(readyAt) - msOf(bench.clock.now());
  return [
    ...unless(
      atOnce >= 1 && atOnce <= Math.max(1, rate),
      `${rate} calls a second are declared, and ${atOnce} may begin at once`,
    ),
    ...unless(Math.abs(waitMs - 1000 / rate) <= 1, `the next call may begin after ${waitMs} ms`),
  ];
}

/** Turned away as one too many: nothing goes out until the time that the provider asked for. */
async function waits(bench: Bench): Promise<Violations> {
  await bench.charged();
  bench.simulator.setBusy(true);
  const attempt = bench.attempt('ok');
  const away = await bench.charge(attempt);
  bench.simulator.setBusy(false);
  const waitMs = away.outcome === 'not_sent' ? (away.waitMs ?? 0) : 0;
  const { pace } = bench.provider;
  const readyAt = addMs(bench.clock.now(), waitMs);
  const asked = bench.answers.length;
  await bench.pass(Math.max(0, waitMs - 1));
  const early = await bench.provider.charge(attempt);
  const found = [
    ...expected('a charge that is one too many', away, 'not_sent'),
    ...unless(waitMs > 0, 'nobody was told how long to wait'),
    ...expected('a charge before the wait is over', early, 'not_sent'),
    ...unless(bench.answers.length === asked, 'a call went out before the wait was over'),
    ...unless(pace.available() === 0, 'calls may begin before the wait is over'),
    ...unless(pace.readyAt() === readyAt, `calls may begin at ${pace.readyAt()}, not ${readyAt}`),
    ...unless(bench.moved(attempt).length === 0, 'money moved for a call that was turned away'),
  ];
  await bench.pass(1);
  const evidence = await bench.charge(attempt);
  return [...found, ...expected('a charge after the wait', evidence, 'succeeded')];
}

export const pace: Checks = {
  'as many calls as declared are taken, and none is turned away': { run: declaredRate },
  'no more calls begin than declared': { run: pacedAsDeclared },
  'a wish to wait is obeyed by all calls': { run: waits },
};
