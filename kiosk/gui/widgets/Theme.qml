pragma Singleton
import QtQuick

// Colours, sizes and motion of the whole window. Sizes are for a short side of 720.
QtObject {
    property bool reducedMotion: false

    readonly property color ink: "#14171A"
    readonly property color paper: "#FBF9F4"
    readonly property color white: "#FFFFFF"
    readonly property color mute: "#5F646A"
    readonly property color line: "#E6E1D6"
    readonly property color sunken: "#F2EEE5"
    readonly property color leaf: "#0B7A4B"
    readonly property color leafDark: "#075C38"
    readonly property color leafPale: "#DDF1E6"
    readonly property color leafBright: "#34D399"
    readonly property color amber: "#B86E00"
    readonly property color amberDark: "#7A4700"
    readonly property color amberPale: "#FCEBCF"
    readonly property color amberBright: "#FBBF24"
    readonly property color brick: "#A8321F"
    readonly property color brickPale: "#FBE3DE"
    readonly property color night: "#1B1E21"
    readonly property color veil: "#C814171A"
    readonly property color shade: "#9914171A"
    readonly property color shadeDark: "#E014171A"

    // What stands on a ground of a tone: "sure", "unsure", "bad" or "plain".
    function groundOf(tone: string): color {
        return ({ "sure": leafPale, "unsure": amberPale, "bad": brickPale })[tone] ?? sunken;
    }
    function inkOf(tone: string): color {
        return ({ "sure": leafDark, "unsure": amberDark, "bad": brick })[tone] ?? ink;
    }

    readonly property int gap: 16
    readonly property int margin: 40
    readonly property int radius: 28
    readonly property int radiusSmall: 16
    readonly property int touch: 64

    readonly property int heroSize: 64
    readonly property int priceSize: 64
    readonly property int nameSize: 38
    readonly property int titleSize: 34
    readonly property int bodySize: 24
    readonly property int textSize: 21
    readonly property int smallSize: 18

    // A long name is written smaller, so that two lines hold it. Ideographs are twice as wide.
    function nameSizeFor(name) {
        let length = 0;
        for (const character of name)
            length += character > "\u2e7f" ? 1.8 : 1;
        return length > 56 ? 25 : (length > 38 ? 28 : (length > 20 ? 31 : nameSize));
    }

    readonly property int motion: reducedMotion ? 0 : 240
    readonly property int quick: reducedMotion ? 0 : 120
}
