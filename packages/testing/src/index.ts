export { testAmqpUrl } from './amqp';
export { type FaultProxy, startProxy } from './fault-proxy';
export { testMysqlUrl } from './mysql';
export { type NodeProcess, startNode } from './node-process';
export { until } from './until';
