// Looking at the organization as another member sees it. Of this tab alone, and until it is stopped: the header of each
// request names that member, and the server then lets nothing be changed.
const key = 'gatehouse.view-as';

/** The member's id. */
export function viewedMember(): string | null {
  return sessionStorage.getItem(key);
}

export function forgetViewedMember(): void {
  sessionStorage.removeItem(key);
}

/** Everything that was read is another's now: the page begins anew. */
export function viewAs(member: string): void {
  sessionStorage.setItem(key, member);
  window.location.assign('/');
}

export function stopViewing(): void {
  forgetViewedMember();
  window.location.assign('/');
}
