/** An event that needs to be told nothing; an object it must be all the same. */
export class NoPayloadDto {}
