export { testAmqpUrl } from './amqp';
export { registerDueCustomers } from './due-customers';
export { type FaultProxy, startProxy } from './fault-proxy';
export { freePortBase } from './free-ports';
export { testMysqlUrl } from './mysql';
export { type NodeProcess, startNode } from './node-process';
export { until } from './until';
