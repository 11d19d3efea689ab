import { systemClock } from '@perennial/service';
import { createAurora } from '@perennial/simulators';

/** Aurora as a process of its own, so that it does not share our processor's time. Prints its address. */
async function main(): Promise<void> {
  const aurora = createAurora({
    clock: systemClock(),
    apiKey: 'bench',
    webhook: { url: 'http://127.0.0.1:9/nobody', secret: 'whsec_YmVuY2g=' },
    answerDelayMs: Number(process.env['ANSWER_MS']),
  });
  aurora.setFaults(1, { hang: Number(process.env['HANG_RATE']) });
  process.stdout.write(`${await aurora.listen(0)}\n`);
}

process.stdin.resume().once('end', () => process.exit(1));
void main();
