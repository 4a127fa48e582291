// Makes a picture of ours from what Mermaid has drawn: it keeps shapes, text and classes, and
// drops colours, fonts and what nothing refers to.
import { readFileSync } from "node:fs";

// The attributes that say where something is, or what.
const kept = /^(id|class|d|points|d?[xy]|[xy][12]|c[xy]|r[xy]?|width|height|viewBox|transform|text-anchor|dominant-baseline|marker-(start|end)|ref[XY]|marker(Units|Width|Height)|orient)$/;

const text = (node) => node.type === "text" ? node.value : node.children.map(text).join("");

const drop = (node, parent) => { parent.children = parent.children.filter((child) => child !== node); };

// The style makes the picture readable by itself, in light and dark. A page that takes it in
// has rules of its own for the same classes.
function root(node) {
  const { width, height, viewBox, "aria-roledescription": kind = "diagram" } = node.attributes;
  node.attributes = {
    xmlns: "http://www.w3.org/2000/svg", class: "diagram " + kind, role: "img", "aria-labelledby": "title desc",
    width, height, viewBox, "data-source": process.env.SOURCE,
  };
  const style = readFileSync(new URL("picture.css", import.meta.url), "utf8");
  node.children.unshift({ type: "element", name: "style", attributes: {}, children: [{ type: "text", value: style }] });
  for (const name of ["title", "desc"]) {
    const named = node.children.filter((child) => child.name === name);
    if (named.length !== 1) throw new Error("the block has no accTitle and accDescr, which say what it shows to those who can't see it");
    named[0].attributes = { id: name };
  }
}

const ours = {
  name: "ours",
  fn: () => ({
    element: {
      enter(node, parent) {
        if (node.name === "svg" && parent.type === "root") return root(node);
        for (const name of Object.keys(node.attributes)) {
          if (!kept.test(name) || node.attributes[name] === "") delete node.attributes[name];
        }
        if (node.attributes.class?.includes("outer-path")) node.children.splice(1); // the same outline again, in short strokes
        if (node.name === "tspan" && node.children[0]?.name === "tspan") node.children = [{ type: "text", value: text(node) }];
      },
      exit(node, parent) {
        const empty = node.name === "rect" ? !node.attributes.width : /^(g|text|tspan)$/.test(node.name) && node.children.length === 0;
        if (empty || node.name === "symbol") drop(node, parent);
      },
    },
  }),
};

// An arrow that nobody refers to has lost its name.
const arrows = {
  name: "arrows",
  fn: () => ({ element: { exit(node, parent) { if (node.name === "marker" && !node.attributes.id) drop(node, parent); } } }),
};

const precise = { floatPrecision: 1 }; // a tenth of a pixel is exact enough

export default {
  js2svg: { pretty: true, indent: 0 },
  plugins: [
    "removeComments", "removeStyleElement", ours,
    { name: "cleanupNumericValues", params: precise },
    { name: "convertPathData", params: precise },
    { name: "convertTransform", params: precise },
    { name: "cleanupIds", params: { force: true, minify: false, preserve: ["title", "desc"] } }, arrows,
    "removeUselessDefs", "removeEmptyContainers",
  ],
};
