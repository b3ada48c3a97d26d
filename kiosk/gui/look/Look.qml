pragma ComponentBehavior: Bound
import QtQuick
import Shelflens
import "../camera"
import "../widgets"

// The camera, and beside it (portrait: below it) what the kiosk has to say.
Rectangle {
    id: screen
    property bool portrait: false
    color: Theme.night

    readonly property string kind: Kiosk.look.kind
    readonly property bool details: Kiosk.look.details
    readonly property bool open: kind !== "none"
    readonly property real sheetSize: portrait ? (details ? 690 : ({ "pick": 680, "unknown": 500 })[kind] || 426) : (kind === "pick" ? 632 : 452)
    property real shown: open ? 1 : 0
    Behavior on shown { NumberAnimation { duration: Theme.motion; easing.type: Easing.OutCubic } }

    CameraPane {
        id: pane
        objectName: "cameraPane"
        width: screen.portrait ? screen.width : screen.width - screen.shown * (screen.sheetSize - Theme.radius)
        height: screen.portrait ? screen.height - screen.shown * (screen.sheetSize - Theme.radius) : screen.height
        coveredTop: 78
        coveredRight: screen.portrait ? 0 : screen.shown * Theme.radius
        coveredBottom: screen.portrait ? screen.shown * Theme.radius : 0
        progress: Kiosk.look.progress
        reticleColor: screen.kind === "match" || screen.kind === "chosen" ? Theme.leafBright
                    : (screen.kind === "pick" || screen.kind === "unknown" ? Theme.amberBright : Theme.white)
        searchOffered: true
        advice: screen.open ? "" : (Kiosk.look.progress > 0 ? qsTr("Hold it still…") : qsTr("Hold a product in the frame"))
    }

    Mark {
        x: Theme.margin
        y: 20
        color: Theme.white
        onHeld: Kiosk.app.go("pin")
    }
    Row {
        anchors { right: pane.right; rightMargin: screen.open && !screen.portrait ? Theme.radius + 16 : 28; top: parent.top; topMargin: 20 }
        spacing: 12
        ActionButton {
            kind: "quiet"
            icon: "search"
            text: screen.portrait || !screen.open ? qsTr("Search") : ""
            label: qsTr("Search")
            onClicked: Kiosk.app.go("find")
        }
        Repeater {
            model: Kiosk.app.otherLanguages
            ActionButton {
                required property string code
                required property string name
                required property int index
                visible: index === 0
                kind: "quiet"
                icon: "globe"
                text: name
                onClicked: Kiosk.app.speak(code)
            }
        }
    }

    Sheet {
        id: sheet
        objectName: "sheet"
        visible: screen.shown > 0.01
        // Its far corners lie outside of the screen.
        width: screen.portrait ? screen.width : screen.sheetSize + Theme.radius
        height: screen.portrait ? screen.sheetSize + Theme.radius : screen.height
        x: screen.portrait ? 0 : screen.width - screen.shown * screen.sheetSize
        y: screen.portrait ? screen.height - screen.shown * screen.sheetSize : 0

        Loader {
            id: content
            anchors.fill: parent
            anchors.margins: 28
            anchors.rightMargin: screen.portrait ? 28 : 28 + Theme.radius
            anchors.bottomMargin: screen.portrait ? 28 + Theme.radius : 28
            sourceComponent: {
                switch (screen.kind) {
                case "match":
                case "chosen":
                    return screen.details ? detailsCard : card;
                case "pick":
                    return pick;
                case "unknown":
                    return unknown;
                }
                return content.sourceComponent; // while the sheet slides out it keeps its content
            }
        }
    }

    Component { id: card; ResultCard { portrait: screen.portrait } }
    Component { id: detailsCard; ProductDetails { portrait: screen.portrait } }
    Component { id: pick; Picklist { portrait: screen.portrait } }
    Component { id: unknown; UnknownCard { portrait: screen.portrait } }
}
