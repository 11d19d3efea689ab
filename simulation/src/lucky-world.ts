import crypto from 'node:crypto';
import type { Chance } from './chance';

const KEPT = {
  random: Math.random,
  now: performance.now,
  randomBytes: crypto.randomBytes,
  randomUUID: crypto.randomUUID,
};

/** While `work` runs, all luck of the process comes from the seed, and its stopwatch from the simulated time. */
export async function luckyWorld<T>(
  chance: Chance,
  nowMs: () => number,
  work: () => Promise<T>,
): Promise<T> {
  const next = stream(chance.between(0, 0xffffffff, 'world'));
  const bytes = (size: number) => {
    const buffer = Buffer.alloc(size);
    for (let index = 0; index < size; index += 1) buffer[index] = next() & 0xff;
    return buffer;
  };
  Math.random = () => next() / 4_294_967_296;
  performance.now = nowMs;
  Object.assign(crypto, {
    randomBytes: bytes,
    randomUUID: () => uuidOf(bytes(16).toString('hex')),
  });
  try {
    return await work();
  } finally {
    Math.random = KEPT.random;
    performance.now = KEPT.now;
    Object.assign(crypto, { randomBytes: KEPT.randomBytes, randomUUID: KEPT.randomUUID });
  }
}

/** Xorshift: 32 bits at a time. */
function stream(seed: number): () => number {
  let state = seed | 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
}

function uuidOf(hex: string): string {
  const parts = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
  ];
  return [...parts, hex.slice(20, 32)].join('-');
}
