export { addressesFrom } from './addresses';
export type { Plant } from './arguments';
export { environmentFor } from './environment';
export { keysIn } from './keys';
export { Client } from './story/client';
export { runStory } from './story/run-story';
export { type EmbeddedSystem, startSystem } from './system';
