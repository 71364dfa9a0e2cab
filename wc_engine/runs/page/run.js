"use strict";
(() => {
  const SVG = "http://www.w3.org/2000/svg";
  const byId = (id) => document.getElementById(id);

  // Light or dark: the system decides until somebody presses the button.
  byId("theme").addEventListener("click", () => {
    const root = document.documentElement;
    const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
  });

  // A link to a program opens it.
  const openTarget = () => {
    const target = location.hash.startsWith("#program-") && byId(location.hash.slice(1));
    if (target) { target.open = true; target.scrollIntoView({ block: "center" }); }
  };
  addEventListener("hashchange", openTarget);
  openTarget();

  const data = JSON.parse(byId("replay-data").textContent);
  if (!data.episodes.length) return;

  // --- Drawing: one cell is a unit square. Types that are not known here become a letter on a tile. ---

  const COLORS = { red: "#d64b3f", green: "#3e9b5f", blue: "#3f74d1", purple: "#8a56c2", yellow: "#dcb12f", grey: "#8d969e" };
  const LAYERS = ["Lava", "Goal", "Target", "Teleporter", "Wall", "Door"];
  const AGENTS = ["Player", "Agent"];

  const draw = (name, attributes, parent) => {
    const element = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    parent.append(element);
    return element;
  };
  const colorOf = (entity) => COLORS[entity.color] || entity.color || "#a9793f";
  const hue = (text) => [...text].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 360, 7);

  const SPRITES = {
    Wall: (g) => draw("rect", { x: 0, y: 0, width: 1, height: 1, fill: "var(--wall)", stroke: "var(--wall-edge)", "stroke-width": .04 }, g),
    Goal: (g) => draw("rect", { x: .06, y: .06, width: .88, height: .88, rx: .08, fill: COLORS.green, "fill-opacity": .75 }, g),
    Lava: (g) => {
      draw("rect", { x: 0, y: 0, width: 1, height: 1, fill: "#e8702a" }, g);
      for (const y of [.3, .55, .8]) draw("path", { d: `M.1 ${y} q.1 -.12 .2 0 t.2 0 t.2 0 t.2 0`, fill: "none", stroke: "#7a2a08", "stroke-width": .05 }, g);
    },
    Target: (g) => draw("path", { d: "M.5 .3 L.7 .5 L.5 .7 L.3 .5 Z", fill: COLORS.red }, g),
    Teleporter: (g) => {
      for (const [r, opacity] of [[.4, .3], [.27, .55], [.13, 1]]) draw("circle", { cx: .5, cy: .5, r, fill: COLORS.purple, "fill-opacity": opacity }, g);
    },
    Door: (g, entity) => {
      const fill = colorOf(entity);
      if (entity.state === "open") {
        draw("rect", { x: .04, y: .04, width: .14, height: .92, fill }, g);
        return;
      }
      draw("rect", { x: .05, y: .05, width: .9, height: .9, rx: .06, fill, "fill-opacity": entity.state === "locked" ? .9 : .35, stroke: fill, "stroke-width": .08 }, g);
      if (entity.state === "locked") {
        draw("circle", { cx: .5, cy: .43, r: .1, fill: "#1d2327" }, g);
        draw("path", { d: "M.5 .45 L.42 .7 H.58 Z", fill: "#1d2327" }, g);
      } else {
        draw("circle", { cx: .76, cy: .5, r: .07, fill }, g);
      }
    },
    Key: (g, entity) => {
      const stroke = colorOf(entity);
      draw("circle", { cx: .5, cy: .28, r: .13, fill: "none", stroke, "stroke-width": .09 }, g);
      draw("path", { d: "M.5 .41 V.82 M.5 .62 H.66 M.5 .78 H.66", fill: "none", stroke, "stroke-width": .09 }, g);
    },
    Ball: (g, entity) => draw("circle", { cx: .5, cy: .5, r: .3, fill: colorOf(entity) }, g),
    Box: (g, entity) => {
      const stroke = entity.color ? colorOf(entity) : "#7b5427";
      draw("rect", { x: .14, y: .14, width: .72, height: .72, rx: .05, fill: entity.color ? "none" : "#c08e4f", stroke, "stroke-width": .08 }, g);
      draw("path", { d: entity.color ? "M.14 .5 H.86" : "M.14 .14 L.86 .86 M.86 .14 L.14 .86", stroke, "stroke-width": .06 }, g);
    },
    Player: (g) => {
      draw("circle", { cx: .5, cy: .5, r: .33, fill: "var(--accent)" }, g);
      draw("circle", { cx: .4, cy: .44, r: .05, fill: "var(--card)" }, g);
      draw("circle", { cx: .6, cy: .44, r: .05, fill: "var(--card)" }, g);
    },
    Agent: (g, entity) => {
      const [dx, dy] = Array.isArray(entity.direction) ? entity.direction : [1, 0];
      const turn = Math.atan2(dy, dx) * 180 / Math.PI;
      draw("path", { d: "M.86 .5 L.18 .84 L.3 .5 L.18 .16 Z", fill: "var(--accent)", transform: `rotate(${turn} .5 .5)` }, g);
      if (entity.carrying) sprite(entity.carrying, draw("g", { transform: "translate(.5 .5) scale(.5)" }, g));
    },
  };
  const sprite = (entity, group) => {
    if (SPRITES[entity.type]) return SPRITES[entity.type](group, entity);
    draw("rect", { x: .1, y: .1, width: .8, height: .8, rx: .15, fill: `hsl(${hue(entity.type)} 45% 55%)` }, group);
    draw("text", { x: .5, y: .7, "font-size": .55, "text-anchor": "middle", fill: "#fff" }, group).textContent = entity.type[0];
  };

  const isPlaced = (entity) => Number.isInteger(entity.x) && Number.isInteger(entity.y);
  const rank = (entity) => {
    if (AGENTS.includes(entity.type)) return 100;
    // A target shows on the box that covers it.
    if (entity.type === "Target") return 60;
    const layer = LAYERS.indexOf(entity.type);
    return layer >= 0 ? layer : 50;
  };
  const inWords = (entity) => {
    const { type, ...attributes } = entity;
    const shown = Object.entries(attributes).map(([name, value]) => `${name}=${value && value.type ? inWords(value) : JSON.stringify(value)}`);
    return `${type}(${shown.join(", ")})`;
  };

  // --- The replay ---

  const board = byId("board"), slider = byId("slider"), chosen = byId("episode"), actions = byId("actions");
  let episode = data.episodes[0], frame = 0, timer = 0;

  const entitiesAt = (index) => [...episode.fixed, ...episode.frames[index]].map((id) => data.entities[id]);

  const show = (index) => {
    frame = Math.max(0, Math.min(index, episode.frames.length - 1));
    slider.value = frame;
    const entities = entitiesAt(frame);
    board.replaceChildren();
    for (const entity of entities.filter(isPlaced).sort((a, b) => rank(a) - rank(b))) {
      sprite(entity, draw("g", { transform: `translate(${entity.x} ${entity.y})` }, board));
    }
    const step = episode.steps[frame - 1];
    byId("where").textContent = step
      ? `state ${frame} of ${episode.frames.length - 1}: after ${step[0]} (${step[1]}), reward ${step[2]}${step[3] ? ", done" : ""}`
      : `state 0 of ${episode.frames.length - 1}: the initial state`;
    const others = entities.filter((entity) => !isPlaced(entity)).concat(entities.filter((entity) => entity.carrying));
    byId("others").replaceChildren(...others.map((entity) => Object.assign(document.createElement("li"), { textContent: inWords(entity) })));
    for (const item of actions.children) item.removeAttribute("aria-current");
    const current = actions.children[frame - 1];
    if (current) {
      current.setAttribute("aria-current", "step");
      actions.scrollTop = current.offsetTop - actions.offsetTop - actions.clientHeight / 2;
    }
  };

  const choose = (position) => {
    episode = data.episodes[Math.max(0, Math.min(position, data.episodes.length - 1))];
    chosen.value = data.episodes.indexOf(episode);
    slider.max = episode.frames.length - 1;
    byId("mission").textContent = episode.mission;
    const seen = [...episode.fixed, ...episode.frames.flat()].map((id) => data.entities[id]).filter(isPlaced);
    const xs = seen.map((entity) => entity.x), ys = seen.map((entity) => entity.y);
    const least = (values) => values.reduce((a, b) => Math.min(a, b), values[0] ?? 0);
    const most = (values) => values.reduce((a, b) => Math.max(a, b), values[0] ?? 0);
    const [left, top] = [least(xs), least(ys)];
    board.setAttribute("viewBox", `${left - .1} ${top - .1} ${most(xs) - left + 1.2} ${most(ys) - top + 1.2}`);
    actions.replaceChildren(...episode.steps.map(([action, reason, reward], index) => {
      const item = document.createElement("li");
      const about = document.createElement("span");
      about.textContent = `${reason}, ${reward}`;
      item.append(`${index + 1}  ${action}`, about);
      item.addEventListener("click", () => show(index + 1));
      return item;
    }));
    show(0);
  };

  const pause = () => { clearInterval(timer); timer = 0; byId("play").textContent = "\u25B6"; };
  const play = () => {
    if (timer) return pause();
    if (frame === episode.frames.length - 1) show(0);
    byId("play").textContent = "\u23F8";
    timer = setInterval(() => {
      if (frame === episode.frames.length - 1) return pause();
      show(frame + 1);
    }, Number(byId("speed").value));
  };

  data.episodes.forEach((one, index) => chosen.add(new Option(`${one.number}: ${one.end}, ${one.steps.length} steps`, index)));
  chosen.addEventListener("change", () => { pause(); choose(Number(chosen.value)); });
  slider.addEventListener("input", () => { pause(); show(Number(slider.value)); });
  byId("play").addEventListener("click", play);
  byId("speed").addEventListener("change", () => { if (timer) { pause(); play(); } });
  const go = { first: () => 0, back: () => frame - 1, forward: () => frame + 1, last: () => episode.frames.length - 1 };
  for (const [id, target] of Object.entries(go)) byId(id).addEventListener("click", () => { pause(); show(target()); });
  for (const bar of document.querySelectorAll("[data-episode]")) {
    bar.addEventListener("click", () => {
      const position = data.episodes.findIndex((one) => one.number === Number(bar.dataset.episode));
      if (position >= 0) { pause(); choose(position); byId("replay").scrollIntoView(); }
    });
  }

  const KEYS = {
    ArrowLeft: go.back, ArrowRight: go.forward, Home: go.first, End: go.last,
    ArrowUp: () => void choose(Number(chosen.value) - 1), ArrowDown: () => void choose(Number(chosen.value) + 1),
  };
  addEventListener("keydown", (event) => {
    // Fields keep their own keys, and other combinations belong to the browser.
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("select, input, summary, a")) return;
    const inPlayer = event.target.closest(".player") || event.target === document.body;
    if (!inPlayer) return;
    if (event.key === " " && !event.target.matches("button")) { event.preventDefault(); play(); }
    else if (KEYS[event.key] && (event.target !== document.body || event.key.startsWith("ArrowL") || event.key.startsWith("ArrowR"))) {
      event.preventDefault();
      pause();
      const target = KEYS[event.key]();
      if (target !== undefined) show(target);
    }
  });

  // Begin with the last episode that was won: that is what people want to see.
  const won = data.episodes.map((one) => one.end).lastIndexOf("won");
  choose(won >= 0 ? won : data.episodes.length - 1);
})();
