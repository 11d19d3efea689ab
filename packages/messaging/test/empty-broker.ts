import { ServiceName } from '@perennial/contracts';
import { testAmqpUrl } from '@perennial/testing';
import { connect } from 'amqplib';

/** The URL of a broker without anything of ours: a shared one keeps what the test before declared. */
export async function emptyBrokerUrl(): Promise<string> {
  const url = await testAmqpUrl();
  const connection = await connect(url);
  const channel = await connection.createChannel();
  for (const service of ServiceName.options) {
    await channel.deleteQueue(service);
    await channel.deleteQueue(`${service}.dead`);
    await channel.deleteExchange(`${service}.events`);
  }
  await connection.close();
  return url;
}
