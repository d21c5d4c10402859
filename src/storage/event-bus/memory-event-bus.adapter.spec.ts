import { MemoryEventBus } from './memory-event-bus.adapter.js';

describe('The memory event bus', () => {
  it('delivers an event to every subscriber, though one of them throws', async () => {
    const bus = new MemoryEventBus();
    const heard: string[] = [];
    bus.subscribe('family.revoked', () => {
      throw new Error('a bad listener');
    });
    bus.subscribe('family.revoked', ({ familyId }) => heard.push(familyId));
    await bus.publish('family.revoked', { familyId: 'f1' });
    expect(heard).toEqual(['f1']);
  });

  it('delivers nothing after the subscription has ended', async () => {
    const bus = new MemoryEventBus();
    const heard: string[] = [];
    const end = bus.subscribe('family.revoked', ({ familyId }) => heard.push(familyId));
    end();
    await bus.publish('family.revoked', { familyId: 'f1' });
    expect(heard).toEqual([]);
  });
});
