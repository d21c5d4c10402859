import { getMetadataStorage } from 'class-validator';

type Find = ReturnType<typeof getMetadataStorage>['getTargetValidationMetadatas'];

let isRemembered = false;

/**
 * Has class-validator remember which of its decorators a class has. It would look through all classes for each object
 * that it checks. Checks by groups or by a schema find theirs as before.
 */
export function rememberValidationMetadata(): void {
  if (isRemembered) return;
  isRemembered = true;
  const storage = getMetadataStorage();
  storage.getTargetValidationMetadatas = remembering(storage.getTargetValidationMetadatas.bind(storage));
}

function remembering(find: Find): Find {
  const known = new WeakMap<object, ReturnType<Find>>();
  return (target, schema, always, strictGroups, groups) => {
    if (schema || always || strictGroups || groups?.length) return find(target, schema, always, strictGroups, groups);
    let found = known.get(target);
    if (!found) known.set(target, (found = find(target, schema, always, strictGroups, groups)));
    return found;
  };
}
