// What the page is told over its WebSocket waits while one of its own requests is under way. The answer to a new post names its
// conversation: a page that is busy may come to the bot's reply before it, does not know where that belongs, and then draws
// nothing ever again.
(() => {
  let asking = 0;
  const waiting = [];
  const go = () => {
    while (asking === 0 && waiting.length > 0) waiting.shift()();
  };

  const { send } = XMLHttpRequest.prototype;
  XMLHttpRequest.prototype.send = function (...given) {
    send.apply(this, given);
    asking += 1;
    // One round of the loop later: by then the page has made of the answer what it makes of it.
    this.addEventListener("loadend", () => setTimeout(() => { asking -= 1; go(); }), { once: true });
  };

  const { addEventListener } = WebSocket.prototype;
  WebSocket.prototype.addEventListener = function (kind, listener, ...more) {
    const orderly = (event) => { waiting.push(() => listener.call(this, event)); go(); };
    return addEventListener.call(this, kind, kind === "message" ? orderly : listener, ...more);
  };
})();
