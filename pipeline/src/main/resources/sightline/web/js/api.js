/** Questions and commands to the server. A command that cannot be done throws with the server's sentence. */
async function answer(response) {
  const body = await response.json().catch(() => ({ error: `the server answered ${response.status}` }));
  if (!response.ok) throw new Error(body.error ?? `the server answered ${response.status}`);
  return body;
}

export async function ask(path) {
  return answer(await fetch(path, { headers: { accept: 'application/json' } }));
}

export async function command(path, body) {
  return answer(
    await fetch(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  );
}

export const blobUrl = (reference) => `/api/blob?ref=${encodeURIComponent(reference)}`;
export const trackUrl = (id) => `/api/tracks?id=${encodeURIComponent(id)}`;
