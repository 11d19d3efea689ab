export { addressesFrom } from './addresses';
export type { Plant } from './arguments';
export { type Environment, environmentFor } from './environment';
export { keysIn } from './keys';
export { createSimulators, type Simulators } from './simulators';
export { Client } from './story/client';
export { runStory } from './story/run-story';
export { type StoryOptions, tellStory } from './story/tell';
export { type EmbeddedSystem, startSystem } from './system';
